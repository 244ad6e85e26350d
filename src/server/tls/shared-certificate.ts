import type { Certificate } from './certificate.ts';
import type { KeyPair } from './key-pair.ts';

/** A certificate that several servers may follow, of TCP and of UDP, and that all of them show the same of. */
export function sharedCertificate(certificate: Certificate): Certificate {
  const followers = new Set<(pair: KeyPair) => void>();
  let { pair } = certificate;
  let unfollow: (() => void) | undefined;
  return {
    get pair() {
      return pair;
    },
    follow(renewed) {
      followers.add(renewed);
      unfollow ??= certificate.follow((newer) => {
        pair = newer;
        for (const follower of followers) follower(newer);
      });
      return () => {
        followers.delete(renewed);
        if (followers.size > 0) return;
        unfollow?.();
        unfollow = undefined;
      };
    },
  };
}
