/** What a key has behind its prefix: letters and digits; those with `_` and `-`; hexadecimal digits; base64; with `.`. */
export type KeyBody = 'alphanumeric' | 'word' | 'hex' | 'base64' | 'dotted';

/**
 * Prefixes by which vendors mark their keys, the body behind them and its length: `20-` is twenty or more, `20`
 * exactly twenty, with no more of the like behind them.
 *
 * Derived from the rules of gitleaks (https://github.com/gitleaks/gitleaks, `config/gitleaks.toml` at commit
 * b58d3f102cf3a2c84cb7f923d05c25c9b1aed84b; Copyright (c) 2019 Zachary Rice; MIT licence), with further prefixes from
 * the vendors' own documents.
 */
export const keyPrefixes: readonly (readonly [body: KeyBody, length: string, prefixes: string])[] = [
  ['word', '20-', 'sk- sk-ant- sk-proj- sk-svcacct- sk-admin- sk-or-v1- nvapi- tvly- glpat- gldt- glft- glrt- glsoat-'],
  ['word', '20-', 'glffct- glimt- glcbt- glagent- gloas- GR1348941 sq0atp- sq0csp- tk-us- xapp- dnkey-'],
  ['alphanumeric', '20-', 'LTAI lin_api_ pnu_ gsk_ xai- r8_ pplx- dckr_pat_ dckr_oat_ glptt- nfp_'],
  ['alphanumeric', '34-', 'ghp_ gho_ ghu_ ghs_ ghr_ npm_ CLOJARS_ clojars_ AKCp cmVmd 4b1d EZAK EZTK'],
  ['alphanumeric', '34', 'hf_ api_org_'],
  ['alphanumeric', '46', 'ntn_'],
  ['word', '22-', 'github_pat_ pypi-AgEIcHlwaS5vcmc ATATT3 ATCTT3 dp.pt. dp.st. duffel_test_ duffel_live_ fio-u-'],
  ['alphanumeric', '10-', 'sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ whsec_ shippo_live_ shippo_test_'],
  ['word', '15-', 'xoxb- xoxp- xoxa- xoxr- xoxs- xoxo- xoxe- xoxe.xoxb- xoxe.xoxp-'],
  ['word', '35', 'AIza'],
  ['word', '43', 'sha256~ fo1_'],
  [
    'word',
    '32-',
    'tfp_ pscale_tkn_ pscale_oauth_ pscale_pw_ rdme_ ya29. EAAA glsa_ xkeysib- s-s4t2ud- s-s4t2af- access-sandbox- ' +
      'access-development- access-production- sl. AQVN YC00',
  ],
  ['dotted', '40-', 'SG. hvs. hvb. v1.0- dt0c01. pat'],
  ['dotted', '60-', 'pat. sat. t1. pk.eyJ sk.eyJ'],
  [
    'hex',
    '32-',
    'shpat_ shpca_ shppa_ shpss_ rubygems_ sntryu_ dapi SK pul- PMAK- dop_v1_ doo_v1_ dor_v1_ _gitlab_session= ' +
      'pubkey- live_pub_ test_pub_ squ_ sqp_ sqa_',
  ],
  ['alphanumeric', '16-', 'sm_aat_ sm_pat_ sm_sat_ NRAK- NRJS- p8e- FLWSECK_TEST-'],
  ['alphanumeric', '32', 'ico-'],
  ['alphanumeric', '26', 'API-'],
  ['word', '31-', 'NRII- HRKU- FLWPUBK_TEST-'],
  ['alphanumeric', '58-', 'EAAM EAAC AGE-SECRET-KEY-1'],
  ['base64', '32-', 'ABSK glc_ sntrys_ eyJrIjoi fm1a_ fm1r_ fm2_ bedrock-api-key-'],
  ['base64', '100-', 'ops_eyJ'],
];

/**
 * Words behind which, with a colon or an equals sign, a random value is a secret. A space stands for a space, a
 * hyphen, an underscore or nothing.
 */
export const secretLabels: readonly string[] = [
  'secrets?',
  'credentials?',
  'creds',
  'tokens?',
  '(?:api|access|account|auth|client|encryption|license|master|private|secret|shared|signing|storage|webhook) keys?',
];
