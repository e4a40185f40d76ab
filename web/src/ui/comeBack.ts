/* A dialog that is mounted to be shown gives the focus back to what opened it. */
import { useEffect, useState } from 'react';

export function useComeBack(): void {
  const [from] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // once what held the focus is gone
      window.setTimeout(() => from instanceof HTMLElement && from.isConnected && document.activeElement === document.body && from.focus());
    },
    [from],
  );
}
