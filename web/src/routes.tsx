/* Every page in one list. A page is loaded when it is first opened. */
import { Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import type { ComponentType } from 'react';
import { createBrowserRouter } from 'react-router';
import { Shell } from './Shell';
import { Broken, Missing } from './pages/Missing';

type Module = { default: ComponentType };

const pages: [path: string, load: () => Promise<Module>][] = [
  ['', () => import('./pages/Plan')],
  ['tasks/:n', () => import('./pages/Task')],
  ['gaps', () => import('./pages/Gaps')],
  ['gaps/:id', () => import('./pages/GapDetail')],
  ['duties', () => import('./pages/Duties')],
  ['registers/:name', () => import('./pages/RegisterPage')],
  ['imports', () => import('./pages/Import')],
  ['fleet', () => import('./pages/Fleet')],
  ['transfers', () => import('./pages/Transfers')],
  ['detections', () => import('./pages/Detections')],
  ['facts', () => import('./pages/Facts')],
  ['facts/:kind', () => import('./pages/Facts')],
  ['sensors', () => import('./pages/Sensors')],
  ['audit', () => import('./pages/Audit')],
  ['users', () => import('./pages/Users')],
];

function page(load: () => Promise<Module>) {
  const Page = lazy(load);
  return (
    <Suspense fallback={<Skeleton active={false} />}>
      <Page />
    </Suspense>
  );
}

export const router = createBrowserRouter([
  {
    path: '/',
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      ...pages.map(([path, load]) => ({ path, element: page(load), errorElement: <Broken /> })),
      { path: '*', element: <Missing /> },
    ],
  },
]);
