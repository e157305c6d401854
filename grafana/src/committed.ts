/** A dashboard as it is committed and as Grafana reads it: what we look at of it. */

export interface Reference {
  readonly type: string;
  readonly uid: string;
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly format?: string;
  readonly datasource: Reference;
}

export interface Link {
  readonly title: string;
  readonly url: string;
}

export interface CommittedPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: Reference;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly repeat?: string;
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly links?: readonly Link[] };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

export interface CommittedVariable {
  readonly type: string;
  readonly name: string;
  readonly description?: string;
  readonly datasource?: Reference;
  readonly definition?: string;
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allValue?: string;
}

export interface CommittedDashboard {
  readonly id: null;
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly CommittedPanel[];
  readonly links: readonly Link[];
  readonly templating: { readonly list: readonly CommittedVariable[] };
  readonly annotations: {
    readonly list: readonly {
      readonly name: string;
      readonly expr: string;
      readonly titleFormat: string;
      readonly datasource: Reference;
    }[];
  };
}
