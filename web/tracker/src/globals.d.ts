// What the build says of a variant; what it leaves out costs nothing.
declare const INTERACTIONS: boolean;
declare const VITALS: boolean;
