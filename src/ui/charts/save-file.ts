/** Offers a file to the user; the browser asks where, as it does for any download. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has its own handle on the data once the click's task is over.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
