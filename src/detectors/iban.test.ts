import { detectorSuite } from './detector.suite.ts';
import { iban } from './iban.ts';

detectorSuite(iban, {
  finds: [
    // Examples of the SWIFT registry.
    '⟦DE89370400440532013000⟧',
    '⟦DE89 3704 0044 0532 0130 00⟧',
    '⟦GB82-WEST-1234-5698-7654-32⟧',
    'IBAN:⟦NO9386011117947⟧;',
    '⟦MT84MALT011000012345MTLCAST001S⟧',
    '⟦FR1420041010050500013M02606⟧ and so on',
    'to ⟦gb82west12345698765432⟧',
    'x⟦DE89370400440532013000⟧AB',
    '⟦ＤＥ89 3704 0044 0532 0130 00⟧',
  ],
  passes: [
    'DE89370400440532013001',
    'DE8937040044053201300',
    'DE893704004405320130001',
    'DE89 3704 0044 0532 0130 00.5',
    'XX89370400440532013000',
    'DE 89 3704 0044',
    'agb82west12345698765432',
    'gb82west12345698765432ab',
    'de89 is a number',
  ],
  hostile: ['DE', 'DE8', 'DE89', 'DE89 ', 'DE893704', 'de89'],
});
