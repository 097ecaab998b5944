namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Arithmetic, functions, comparisons and logic, element by element with broadcasting.</summary>
internal static class ElementwiseFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Add", 7, Bounds.Exact, c => Arithmetic(c)) { Cases = 8 },
        new("Sub", 7, Bounds.Exact, c => Arithmetic(c)) { Cases = 8 },
        new("Mul", 7, Bounds.Exact, c => Arithmetic(c)) { Cases = 8 },
        new("Div", 7, Bounds.Quotient, c => Arithmetic(c, divisor: true)) { Cases = 8 },
        new("Pow", 7, Bounds.Function, Power) { Cases = 8 },
        new("Max", 8, Bounds.Exact, c => Several(c, integers: c.Opset >= 12)) { Cases = 8 },
        new("Min", 8, Bounds.Exact, c => Several(c, integers: c.Opset >= 12)) { Cases = 8 },
        new("Mean", 8, Bounds.Sum, c => Several(c, integers: false)),
        new("Sum", 8, Bounds.Sum, c => Several(c, integers: false)),
        new("Sqrt", 7, Bounds.Exact, c => Function(c, 0, 9)),
        new("Exp", 7, Bounds.Function, c => Function(c, -6, 6)),
        new("Log", 7, Bounds.Function, c => Function(c, 0.01, 9)),
        new("Reciprocal", 7, Bounds.Function, c => Function(c, 0.1, 9)),
        new("Erf", 9, Bounds.Function, c => Function(c, -3, 3)),
        new("Sin", 7, Bounds.Function, c => Function(c, -6, 6)),
        new("Cos", 7, Bounds.Function, c => Function(c, -6, 6)),
        new("Floor", 7, Bounds.Exact, c => Function(c, -6, 6)),
        new("Ceil", 7, Bounds.Exact, c => Function(c, -6, 6)),
        new("Round", 11, Bounds.Exact, Rounding),
        new("Abs", 7, Bounds.Exact, Signed),
        new("Neg", 7, Bounds.Exact, Signed),
        new("Sign", 9, Bounds.Exact, Signed),
        new("Equal", 7, Bounds.Exact, c => Comparison(c, integersAlone: c.Opset < 11)) { Cases = 6 },
        new("Less", 7, Bounds.Exact, c => Comparison(c)) { Cases = 6 },
        new("Greater", 7, Bounds.Exact, c => Comparison(c)) { Cases = 6 },
        new("LessOrEqual", 12, Bounds.Exact, c => Comparison(c)) { Cases = 6 },
        new("GreaterOrEqual", 12, Bounds.Exact, c => Comparison(c)) { Cases = 6 },
        new("And", 7, Bounds.Exact, Logic),
        new("Or", 7, Bounds.Exact, Logic),
        new("Xor", 7, Bounds.Exact, Logic),
        new("Not", 7, Bounds.Exact, Not),
    ];

    /// <summary>Dimensions that broadcast to the whole: some of its last, some of them one.</summary>
    public static int[] Part(SweepCase c, int[] whole) =>
        c.Chance(0.4) ? whole : [.. whole[c.Between(0, whole.Length)..].Select(d => c.Chance(0.3) ? 1 : d)];

    private static ElementType Number(SweepCase c) => c.Chance(0.35) ? c.Pick(ElementType.Int32, ElementType.Int64) : ElementType.Float32;

    private static void Arithmetic(SweepCase c, bool divisor = false)
    {
        int[] whole = c.Dimensions(c.Between(0, 4));
        ElementType type = Number(c);
        c.Input(c.Values(type, Part(c, whole)));
        c.Input(divisor ? c.Values(type, Part(c, whole), 1, 10) : c.Values(type, Part(c, whole)));
        c.Output(type);
    }

    private static void Power(SweepCase c)
    {
        int[] whole = c.Dimensions(c.Between(0, 4));
        ElementType type = c.Opset >= 12 ? Number(c) : ElementType.Float32, exponent = c.Opset >= 12 ? Number(c) : ElementType.Float32;
        c.Input(c.Values(type, Part(c, whole), 1, 5));
        if (exponent == ElementType.Float32 && type == ElementType.Float32 && c.Chance(0.4))
            c.Input(Draws.Scalar(c.Pick(2f, 0.5f, -1f, 3f, 0f)));
        else
            c.Input(c.Values(exponent, Part(c, whole), type == ElementType.Float32 ? -2 : 0, 3));
        c.Output(type);
    }

    private static void Several(SweepCase c, bool integers)
    {
        int[] whole = c.Dimensions(c.Between(0, 4));
        ElementType type = integers ? Number(c) : ElementType.Float32;
        for (int i = c.Between(1, 4); i > 0; i--)
            c.Input(c.Values(type, Part(c, whole)));
        c.Output(type);
    }

    private static void Function(SweepCase c, double least, double most)
    {
        c.Input(c.Floats(c.Dimensions(c.Between(0, 4), 6), least, most));
        c.Output();
    }

    // Halves are rounded to even.
    private static void Rounding(SweepCase c)
    {
        int count = c.Between(1, 20);
        c.Input(OnnxTensor.Create(Enumerable.Range(0, count).Select(_ => c.Chance(0.5) ? c.Between(-9, 9) / 2f : c.Number(-5, 5)).ToArray(),
            count));
        c.Output();
    }

    private static void Signed(SweepCase c)
    {
        ElementType type = Number(c);
        c.Input(c.Values(type, c.Dimensions(c.Between(0, 4), 6)));
        c.Output(type);
    }

    private static void Comparison(SweepCase c, bool integersAlone = false)
    {
        int[] whole = c.Dimensions(c.Between(0, 4));
        ElementType type = integersAlone ? c.Pick(ElementType.Int32, ElementType.Int64, ElementType.Bool)
            : c.Opset >= 9 ? Number(c)
            : ElementType.Float32;
        c.Input(Whole(c.Values(type, Part(c, whole), -2, 2)));
        c.Input(Whole(c.Values(type, Part(c, whole), -2, 2)));
        c.Output(ElementType.Bool);
    }

    // Whole numbers, so that some are equal.
    private static OnnxTensor Whole(OnnxTensor tensor) =>
        tensor.ElementType == ElementType.Float32
            ? OnnxTensor.Create(tensor.Values<float>().ToArray().Select(v => MathF.Round(v)).ToArray(), [.. tensor.Dimensions])
            : tensor;

    private static void Logic(SweepCase c)
    {
        int[] whole = c.Dimensions(c.Between(0, 4));
        c.Input(c.Values(ElementType.Bool, Part(c, whole)));
        c.Input(c.Values(ElementType.Bool, Part(c, whole)));
        c.Output(ElementType.Bool);
    }

    private static void Not(SweepCase c)
    {
        c.Input(c.Values(ElementType.Bool, c.Dimensions(c.Between(0, 4))));
        c.Output(ElementType.Bool);
    }
}
