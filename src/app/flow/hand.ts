/** Hands a blob to the user through a download; the browser names it anew rather than overwrite a file. */
export function hand(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The download reads the URL after this task; a minute is ample and the blob is freed after it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
