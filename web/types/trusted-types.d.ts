/** Trusted Types, as far as the verifier's worker needs them (not in TypeScript's own DOM library yet). */
interface TrustedTypePolicy {
  createScriptURL(url: string): unknown;
}
interface Window {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { readonly createScriptURL: (url: string) => string }): TrustedTypePolicy;
  };
}
