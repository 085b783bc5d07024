import { detectorSuite } from './detector.suite.ts';
import { ukTaxpayerReference } from './uk-taxpayer-reference.ts';

detectorSuite(ukTaxpayerReference, {
  finds: [
    'UTR ⟦1955839661⟧',
    'UTR: ⟦19558 39661⟧.',
    'unique taxpayer reference number is ⟦1955839661K⟧',
    'self-assessment reference: ⟦1955 839 661⟧',
  ],
  passes: [
    '1955839661',
    'UTR 1955839662',
    'UTR {UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER} 1955839661',
    'UTR 19558396611',
    'tax 1955839661',
  ],
  hostile: ['UTR ', 'UTR 1', 'unique taxpayer ', '19558 '],
});
