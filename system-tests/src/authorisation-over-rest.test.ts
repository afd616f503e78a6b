import { idsOfElsewhere, matrixOver } from './authorisation-matrix.ts';

idsOfElsewhere('REST', await matrixOver('REST'));
