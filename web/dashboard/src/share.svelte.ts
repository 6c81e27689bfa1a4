// Whether who looks has nothing but a share link, as the server's answers say, and the filter that it is bound to, which stands
// first in all that is asked: some pages are not for them then, and those conditions stay.
export const share = $state({ isOne: false, filter: "" });

export function shareLearn(headers: Headers): void {
  share.isOne = headers.get("Sojourn-Role") === "share";
  share.filter = decodeURIComponent(headers.get("Sojourn-Filter") ?? "");
}
