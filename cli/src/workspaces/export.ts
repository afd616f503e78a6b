import { type Command, type CommandContext, onlyArgument } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { exportDetails, exportFile, exportOptions, writeExport } from '../export-file.ts';
import { changing } from '../users/changing.ts';
import { findWorkspace } from './find-workspace.ts';

export const workspacesExport: Command = {
  summary: 'write a workspace with all its chats to a file of JSON Lines',
  usage: '<id>',
  details: `${exportDetails} It includes private chats.`,
  options: exportOptions,
  run: exportWorkspace,
};

async function exportWorkspace(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id');
  const file = exportFile(context);
  await withDatabase(context.env, async (db) => {
    const { id, name } = await findWorkspace(db, wanted);
    const { written } = await writeExport(context, changing(db), { of: 'workspace', id }, file);
    context.show({ id, name, file, files: written }, [
      `${name} is in ${file}`,
      ...(written > 0 ? [`${written} files are beside it`] : []),
    ]);
  });
}
