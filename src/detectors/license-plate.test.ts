import { detectorSuite } from './detector.suite.ts';
import { licensePlate } from './license-plate.ts';

detectorSuite(licensePlate, {
  finds: [
    'license plate CA ⟦7ABC123⟧',
    'license plate ⟦7ABC123⟧',
    'Licence plate: ⟦AB12 CDE⟧.',
    'plate number is ⟦ABC-1234⟧',
    'registration number ⟦AB12CDE⟧',
    'Kennzeichen: ⟦B-AB 1234⟧',
    "plaque d'immatriculation ⟦AB-123-CD⟧",
    'matrícula: ⟦1234 BCD⟧',
    '"licensePlate": "⟦7ABC123⟧"',
  ],
  passes: [
    'registration number (#1-100)',
    '7ABC123',
    'license plate is dirty',
    'license plate in 2020',
    'plates of 12',
    'registration is open',
    'license plate {LICENSE_PLATE} 7ABC123',
    'registration: 2024-05-01',
  ],
  hostile: ['plate ', 'license plate ', 'plate A', 'A1 ', 'kennzeichen: A-'],
});
