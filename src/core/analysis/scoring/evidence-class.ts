/** How early the code of a finding runs, for the weights: at installation; by import at the latest; when started; when called. */
export type EvidenceClass = 'install' | 'early' | 'run' | 'call';
