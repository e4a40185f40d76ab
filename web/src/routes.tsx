/* The router's tree, made of the table of pages. */
import { Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import { Shell } from './Shell';
import { Broken, Forbidden, Missing } from './pages/Missing';
import { meets, pages } from './pages';
import type { PageEntry } from './pages';
import { useUser } from './session';

function Guarded({ entry, children }: { entry: PageEntry; children: React.ReactNode }) {
  const user = useUser();
  if (meets(user, entry.needs)) return children;
  const first = pages.find((one) => one.menu && meets(user, one.needs));
  /* who has no home of his own begins at the first page he may see */
  return entry.path === '' && first ? <Navigate to={`/${first.path}`} replace /> : <Forbidden needs={entry.needs} />;
}

function page(entry: PageEntry) {
  const Page = lazy(entry.load);
  return (
    <Guarded entry={entry}>
      <Suspense fallback={<Skeleton active={false} />}>
        <Page />
      </Suspense>
    </Guarded>
  );
}

export const router = createBrowserRouter([
  {
    path: '/',
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      ...pages.map((entry) => ({ path: entry.path, element: page(entry), errorElement: <Broken /> })),
      { path: '*', element: <Missing /> },
    ],
  },
]);
