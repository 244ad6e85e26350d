// The loads that the model of src/capacity is held to: each channel's `rate` a second, of as many channels as there are groups.
export const LOADS = [
  { readers: 1000, groups: 1, rate: 20 },
  { readers: 8000, groups: 80, rate: 1 },
  { readers: 4000, groups: 1000, rate: 2 },
  { readers: 6000, groups: 6000, rate: 1 },
];

export const nameOf = ({ readers, groups, rate }) =>
  `${readers.toLocaleString('en')} readers, ${groups === 1 ? 'one channel' : `${groups.toLocaleString('en')} channels`}, ${rate} a second each`;
