/**
 * The small tree that all analysis reads. It keeps what Python does with values and forgets how it was written; `at` is
 * an offset into the source text, from which a line is made when something is reported.
 */
export type Expr = { readonly at: number } & (
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'name'; readonly id: string }
  | { readonly kind: 'attribute'; readonly object: Expr; readonly name: string }
  | { readonly kind: 'subscript'; readonly object: Expr; readonly index: Expr }
  | { readonly kind: 'slice'; readonly start?: Expr; readonly stop?: Expr; readonly step?: Expr }
  | { readonly kind: 'call'; readonly callee: Expr; readonly args: readonly Argument[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expr }
  /** `a if test else b`, `a and b`, `a or b`. */
  | {
      readonly kind: 'choice';
      readonly type: 'if' | 'and' | 'or';
      readonly options: readonly Expr[];
      readonly test?: Expr;
    }
  | { readonly kind: 'compare'; readonly operators: readonly string[]; readonly operands: readonly Expr[] }
  | { readonly kind: 'sequence'; readonly type: 'list' | 'tuple' | 'set'; readonly items: readonly Expr[] }
  | { readonly kind: 'dict'; readonly pairs: readonly { readonly key?: Expr; readonly value: Expr }[] }
  | { readonly kind: 'joined'; readonly parts: readonly Expr[] }
  | Comprehension
  | { readonly kind: 'lambda'; readonly params: readonly Param[]; readonly body: Expr }
  | { readonly kind: 'spread'; readonly value: Expr }
  | { readonly kind: 'await'; readonly value: Expr }
  | { readonly kind: 'yield'; readonly value?: Expr }
  | { readonly kind: 'named'; readonly target: Expr; readonly value: Expr }
  | { readonly kind: 'opaque'; readonly parts: readonly Expr[] }
);

export type Comprehension = {
  readonly kind: 'comprehension';
  readonly type: 'list' | 'set' | 'dict';
  readonly key?: Expr;
  readonly element: Expr;
  readonly clauses: readonly (
    | { readonly kind: 'for'; readonly target: Expr; readonly iterable: Expr }
    | { readonly kind: 'if'; readonly test: Expr }
  )[];
};

export type Argument = { readonly name?: string; readonly spread?: '*' | '**'; readonly value: Expr };
export type Param = { readonly name: string; readonly spread?: '*' | '**'; readonly value?: Expr };

export type FunctionDef = {
  readonly kind: 'function';
  readonly at: number;
  readonly name: string;
  readonly params: readonly Param[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
  /** Only those that do something: they run when the function is defined. */
  readonly annotations: readonly Expr[];
};

export type ClassDef = {
  readonly kind: 'class';
  readonly at: number;
  readonly name: string;
  readonly bases: readonly Argument[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
};

export type ImportedName = { readonly name: string; readonly alias?: string };

export type Stmt =
  | { readonly kind: 'expression'; readonly at: number; readonly value: Expr }
  | { readonly kind: 'assign'; readonly at: number; readonly targets: readonly Expr[]; readonly value: Expr }
  | {
      readonly kind: 'update';
      readonly at: number;
      readonly target: Expr;
      readonly operator: string;
      readonly value: Expr;
    }
  | { readonly kind: 'import'; readonly at: number; readonly names: readonly ImportedName[] }
  /** `level` counts the leading dots; `names` is `*` for a wildcard. */
  | {
      readonly kind: 'from-import';
      readonly at: number;
      readonly level: number;
      readonly module: string;
      readonly names: readonly ImportedName[] | '*';
    }
  | FunctionDef
  | ClassDef
  | {
      readonly kind: 'if';
      readonly at: number;
      readonly branches: readonly { readonly test: Expr; readonly body: readonly Stmt[] }[];
      readonly otherwise: readonly Stmt[];
    }
  | {
      readonly kind: 'for';
      readonly at: number;
      readonly target: Expr;
      readonly iterable: Expr;
      readonly body: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    }
  | {
      readonly kind: 'while';
      readonly at: number;
      readonly test: Expr;
      readonly body: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    }
  | {
      readonly kind: 'try';
      readonly at: number;
      readonly body: readonly Stmt[];
      readonly handlers: readonly (readonly Stmt[])[];
      readonly otherwise: readonly Stmt[];
      readonly last: readonly Stmt[];
    }
  | {
      readonly kind: 'with';
      readonly at: number;
      readonly items: readonly { readonly value: Expr; readonly target?: Expr }[];
      readonly body: readonly Stmt[];
    }
  | {
      readonly kind: 'match';
      readonly at: number;
      readonly subject: Expr;
      /** `captures` are names that the whole subject is bound to. */
      readonly cases: readonly {
        readonly captures: readonly string[];
        readonly guard?: Expr;
        readonly body: readonly Stmt[];
      }[];
    }
  | { readonly kind: 'return'; readonly at: number; readonly value?: Expr }
  | { readonly kind: 'global'; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: 'delete'; readonly at: number; readonly targets: readonly Expr[] }
  | { readonly kind: 'break' | 'continue' | 'pass'; readonly at: number }
  /** A range that no grammar of Python accepts: analysed as loose tokens. */
  | { readonly kind: 'broken'; readonly at: number; readonly text: string };

export type Module = {
  readonly body: readonly Stmt[];
  readonly text: string;
  /** True when CPython would refuse the file (as far as the grammar can tell). */
  readonly broken: boolean;
  /** Names of limits that cut the tree: what lies beyond them was not read. */
  readonly limits: readonly string[];
};
