/**
 * Whether the account `u` can claim the placeholder `p`: it has verified the address that the source gives, and is in the
 * workspace of the import.
 */
export const canClaim = `u.kind = 'Person' and u.status = 'Active' and u.holds_email and u.email_verified_at is not null
  and lower(u.email collate "C") = lower(p.email collate "C")
  and exists (select from live_workspace_members w where w.workspace_id = p.workspace_id and w.user_id = u.id)`;
