/** What things are called that were given no name: by what they are, so that nothing else changes it. */

/** `fe01` of `fe01.contoso.com`. */
export const shortName = (host: string): string => host.split(".")[0] ?? host;

/** `fs01-lyncshare` of `fs01.contoso.com\lyncshare`: without the domain, and without what a name must not have. */
export function nameOfPlace(place: string): string {
  const [server = "", ...rest] = place.toLowerCase().split("\\");
  return [shortName(server), ...rest]
    .map((part) => part.replace(/[^a-z0-9]+/g, "-"))
    .join("-")
    .replace(/^-+|-+$/g, "");
}
