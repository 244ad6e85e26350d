/** What a time limit is in a test that is not about it, in milliseconds: a busy machine stands still for seconds. */
export const PATIENT_MS = 20_000;
