import { type Command, type CommandContext, onlyArgument } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { exportDetails, exportFile, exportOptions, writeExport } from '../export-file.ts';
import { changing } from './changing.ts';
import { findUser } from './find-user.ts';

export const usersExport: Command = {
  summary: 'write all data of a person to a file of JSON Lines',
  usage: '<id or e-mail>',
  details: exportDetails,
  options: exportOptions,
  run: exportUser,
};

async function exportUser(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id or e-mail');
  const file = exportFile(context);
  await withDatabase(context.env, async (db) => {
    const { id, email } = await findUser(db, wanted);
    const { written } = await writeExport(context, changing(db), { of: 'user', id }, file);
    context.show({ id, email, file, files: written }, [
      `the data of ${email ?? id} is in ${file}`,
      ...(written > 0 ? [`${written} files are beside it`] : []),
    ]);
  });
}
