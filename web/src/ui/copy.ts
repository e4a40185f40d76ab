/* Text to the clipboard. Browsers give a page over plain HTTP no clipboard but the old one. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  const field = document.createElement('textarea');
  field.value = text;
  (document.activeElement?.parentElement ?? document.body).append(field); /* a dialog keeps the focus inside */
  field.select();
  const isDone = document.execCommand('copy');
  field.remove();
  return isDone;
}
