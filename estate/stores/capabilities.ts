/** What stores can and cannot do, as far as couriers and declared buckets go by it. `offsite probe` finds it out by trying. */
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
  "default-encryption": "encrypts by itself what does not ask for it, as the bucket is told",
  "public-access-block": "keeps a bucket from becoming public, as it is told",
  ownership: "is told whose the objects of a bucket are",
  lifecycle: "ends uploads and expires versions by itself, as the bucket is told",
  "bucket-tags": "keeps tags of a bucket",
  policies: "keeps a policy of a bucket",
  "policy-conditions": "refuses only what the conditions of a policy say",
} as const;
export type Capability = keyof typeof CAPABILITIES;
