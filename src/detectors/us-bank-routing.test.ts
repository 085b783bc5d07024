import { detectorSuite } from './detector.suite.ts';
import { usBankRouting } from './us-bank-routing.ts';

detectorSuite(usBankRouting, {
  finds: [
    'routing number ⟦021000021⟧.',
    'ABA: ⟦011401533⟧',
    'routing no: ⟦0210-0002-1⟧',
    'the routing and transit number of my bank is ⟦322271627⟧',
    '"routingNumber": "⟦021000021⟧"',
  ],
  passes: [
    '021000021',
    'routing number 021000022',
    'routing number 500000005',
    'routing number 0210000210',
    'routing number {US_BANK_ROUTING_NUMBER} 021000021',
    'routing 000000000',
    'routing table 12',
  ],
  hostile: ['routing ', 'routing 0', 'aba ', '0210-', 'routing number of a'],
});
