// Hands a picture to the browser as a file.
export function pngSave(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.png`;
  link.click();
}
