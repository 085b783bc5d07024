import { detectorSuite } from './detector.suite.ts';
import { swiftCode } from './swift-code.ts';

detectorSuite(swiftCode, {
  finds: [
    'SWIFT: ⟦DEUTDEFF⟧',
    'BIC/SWIFT code is ⟦DEUTDEFFXXX⟧.',
    'bic ⟦NEDSZAJJ⟧',
    'to ⟦DEUTDEFF500⟧ today',
    '⟦BOFAUS3N⟧',
    '"swiftCode": "⟦DEUTDEFF⟧"',
    'swift ⟦bofaus3n⟧',
  ],
  passes: [
    'DEUTDEFF',
    'HOSPITAL IS OPEN',
    'swift response',
    'SWIFT: AAAAXX22',
    'ABCDEF12',
    'BOFAUS3NX',
    'DEUTDEFF5000',
    'swift {SWIFT_CODE} DEUTDEFF',
    'ID_BOFAUS3N',
  ],
  hostile: ['DEUTDEF', 'A', 'swift ', 'SWIFT: A', 'BIC/'],
});
