/* Who is logged in, and the stream of changes that keeps the pages live. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { get, Problem, whenSessionEnds } from './api';
import { listen } from './live';
import type { User } from './types';

interface Session {
  user: User | null;
  isKnown: boolean;
  error: unknown;
  signedIn: (user: User) => void;
  signedOut: () => void;
  refresh: () => void;
}

const Context = createContext<Session | null>(null);
const key = ['me'];

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      try {
        return (await get<{ user: User }>('/me', undefined, signal)).user;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Infinity,
    retry: false,
  });
  const signedIn = useCallback((user: User) => client.setQueryData(key, user), [client]);
  const signedOut = useCallback(() => {
    client.setQueryData(key, null);
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
  }, [client]);
  useEffect(() => whenSessionEnds(signedOut), [signedOut]);

  const value = useMemo<Session>(
    () => ({
      user: me.data ?? null,
      isKnown: me.data !== undefined,
      error: me.error,
      signedIn,
      signedOut,
      refresh: () => void client.invalidateQueries({ queryKey: key }),
    }),
    [me.data, me.error, signedIn, signedOut, client],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession outside SessionProvider');
  return session;
}

/** The logged-in user, for pages inside the shell. */
export function useUser(): User {
  const { user } = useSession();
  if (!user) throw new Error('useUser outside a session');
  return user;
}

const quiet_ms = 2500;
/** Not asked for again at a change: who is logged in, and what the past was. */
const still = new Set<unknown>(['me', 'history', 'detection-rules']);

export function refreshRows(client: QueryClient): void {
  void client.invalidateQueries({ predicate: (query) => !still.has(query.queryKey[0]) });
}

/** True while the server's stream of changes is open. A burst of changes refreshes once. */
export function useLive(): boolean {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    let timer = 0;
    const changed = () => {
      if (!timer)
        timer = window.setTimeout(() => {
          timer = 0;
          refreshRows(client);
        }, quiet_ms);
    };
    const leave = listen(setOpen, changed);
    return () => {
      leave();
      window.clearTimeout(timer);
    };
  }, [client]);
  return isOpen;
}
