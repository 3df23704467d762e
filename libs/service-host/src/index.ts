export { createSealer, loadContactKeys, loadSealer, type ContactKeys, type Sealed, type Sealer, type SealingKeys } from './sealing.js';
