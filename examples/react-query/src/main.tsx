import { createFechatter, type FechatterRouter } from '@fechatter/client';
import { QueryClient, QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query';
import { createTRPCContext } from '@trpc/tanstack-react-query';

// Plain procedures in TanStack Query, with the SDK's client as it is: its session, refreshes and typed errors stay.
// Chats and messages are better read from the SDK's own store, which events keep up to date.
const client = createFechatter({ serverUrl: 'http://127.0.0.1:6688', notifyUrl: 'http://127.0.0.1:6687' });
const queryClient = new QueryClient();
const { TRPCProvider, useTRPC } = createTRPCContext<FechatterRouter>();

/** The members of a workspace, and a button that makes an invitation. */
function People({ workspaceId }: { readonly workspaceId: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.workspace.members.queryOptions({ workspaceId }));
  const invite = useMutation(trpc.workspace.invite.mutationOptions());
  if (error !== null) return <p>{error.data?.reason ?? 'Fechatter cannot be reached'}</p>;
  return (
    <>
      <ul>
        {data?.members.map(({ user, role }) => (
          <li key={user.id}>
            {user.name} ({role})
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => invite.mutate({ workspaceId, role: 'Member' })}>
        Invite
      </button>
      <output>{invite.data?.token}</output>
    </>
  );
}

/** An app that uses both. */
export function App({ workspaceId }: { readonly workspaceId: string }) {
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <People workspaceId={workspaceId} />
      </TRPCProvider>
    </QueryClientProvider>
  );
}
