// Whether who looks has nothing but a share link, as the server's answers say: some pages are not for them then.
export const share = $state({ isOne: false });
