/**
 * An SQL condition: someone whose open membership of a workspace is `w` sees `person` (an SQL expression), who is in it
 * too. Guests see themselves and the people in their chats of this workspace; everyone else sees all of it.
 */
export const seesInWorkspace = (w: string, person: string): string => `
  (${w}.role >= 'Member' or ${w}.user_id = ${person} or exists (
    select from live_chat_members seen_own
    join chat_heads seen_in on seen_in.chat_id = seen_own.chat_id and seen_in.workspace_id = ${w}.workspace_id
    join live_chat_members seen_other on seen_other.chat_id = seen_own.chat_id and seen_other.user_id = ${person}
    where seen_own.user_id = ${w}.user_id))`;

/** An SQL condition: `viewer` sees `person`, because it is themselves or in a workspace that they are both in now. */
export const seesPerson = (viewer: string, person: string): string => `
  (${viewer} = ${person} or exists (
    select from live_workspace_members seen_by
    join live_workspace_members seen on seen.workspace_id = seen_by.workspace_id and seen.user_id = ${person}
    where seen_by.user_id = ${viewer} and ${seesInWorkspace('seen_by', person)}))`;
