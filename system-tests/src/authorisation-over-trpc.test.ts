import { idsOfElsewhere, matrixOver } from './authorisation-matrix.ts';

idsOfElsewhere('tRPC', await matrixOver('tRPC'));
