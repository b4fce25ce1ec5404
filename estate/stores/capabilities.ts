/** What stores can and cannot do, as far as the courier goes by it. `offsite probe` finds it out by trying. */
export const CAPABILITIES = {
  "conditional-writes": "refuses to overwrite an object where a put asks for that",
  "conditional-completion": "refuses to overwrite an object where the completion of a multipart asks for that",
  "checksum-sha256": "compares the SHA-256 of an object with its bytes, keeps it and tells it",
  "checksum-sha256-parts": "does so for each part of a multipart",
  "checksum-full-object": "compares a CRC32 of the whole of a multipart with its bytes, keeps it and tells it",
  "completion-size": "compares the size of a multipart with what its completion says",
  "list-uploads": "lists multiparts that are not complete",
  versioning: "keeps earlier versions of the objects of this bucket",
  "list-versions": "lists earlier versions",
  "object-lock": "lets nobody delete a version of this bucket before its time",
  "legal-hold": "lets nobody delete a version of this bucket for as long as a hold is on it",
} as const;
export type Capability = keyof typeof CAPABILITIES;
