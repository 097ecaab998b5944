namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Activations, with their attributes.</summary>
internal static class ActivationFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Relu", 7, Bounds.Exact, c => Unary(c)),
        new("LeakyRelu", 7, Bounds.Exact, c => Unary(c, ("alpha", c.Number(-0.5, 0.5)))),
        new("PRelu", 7, Bounds.Exact, Parametric) { Cases = 8 },
        new("Elu", 7, Bounds.Function, c => Unary(c, ("alpha", c.Number(0.1, 2)))),
        new("Selu", 7, Bounds.Function, c => Unary(c, ("alpha", c.Number(0.5, 2)), ("gamma", c.Number(0.5, 2)))),
        new("Celu", 12, Bounds.Function, c => Unary(c, ("alpha", c.Number(0.5, 2)))),
        new("Sigmoid", 7, Bounds.Function, c => Unary(c)),
        new("HardSigmoid", 7, Bounds.Function, c => Unary(c, ("alpha", c.Number(0.1, 0.5)), ("beta", c.Number(0.2, 0.8)))),
        new("HardSwish", 14, Bounds.Function, c => Unary(c)),
        new("Tanh", 7, Bounds.Function, c => Unary(c)),
        new("Softplus", 7, Bounds.Function, c => Unary(c)),
        new("Softsign", 7, Bounds.Function, c => Unary(c)),
        new("Gelu", 20, Bounds.Function, Gelu) { Cases = 8 },
        new("Mish", 18, Bounds.Function, c => Unary(c)),
        new("ThresholdedRelu", 10, Bounds.Exact, c => Unary(c, ("alpha", c.Number(-1, 2)))),
        new("Clip", 7, Bounds.Exact, Clip) { Cases = 8 },
        new("Softmax", 7, Bounds.Function, Softmax) { Cases = 8 },
        new("LogSoftmax", 7, Bounds.Function, Softmax) { Cases = 8 },
    ];

    private static void Unary(SweepCase c, params ReadOnlySpan<(string Name, float Value)> attributes)
    {
        c.Input(c.Floats(c.Dimensions(c.Between(0, 4), 6), -8, 8));
        foreach ((string name, float value) in attributes)
            c.Maybe(name, value);
        c.Output();
    }

    private static void Parametric(SweepCase c)
    {
        int[] x = c.Dimensions(c.Between(1, 4), 6);
        c.Input(c.Floats(x, -3, 3));
        int[] slope = c.Chance(0.4) && x.Length > 2
            ? [x[1], .. x[2..].Select(_ => 1)]
            : [.. x[c.Between(0, x.Length - 1)..].Select(d => c.Chance(0.4) ? 1 : d)];
        c.Input(c.Floats(slope, -0.5, 0.9));
        c.Output();
    }

    private static void Gelu(SweepCase c)
    {
        Unary(c);
        if (c.Chance(0.6))
            c.Set("approximate", c.Pick("none", "tanh"));
    }

    private static void Clip(SweepCase c)
    {
        int[] x = c.Dimensions(c.Between(0, 4), 6);
        if (c.Opset < 11)
        {
            c.Input(c.Floats(x, -8, 8));
            c.Maybe("min", c.Number(-4, 0));
            c.Maybe("max", c.Number(0, 6));
            c.Output();
            return;
        }

        ElementType type = c.Opset >= 12 && c.Chance(0.25)
            ? c.Pick(ElementType.Int32, ElementType.Int64, ElementType.UInt8)
            : ElementType.Float32;
        c.Input(c.Values(type, x));
        if (c.Chance(0.8))
            c.Input(c.Chance(0.7) ? c.Values(type, [], -5, 1) : null);
        else
            c.Input(null);
        if (c.Chance(0.8))
            c.Input(c.Chance(0.7) ? c.Values(type, [], 2, 7) : null);
        c.Output(type);
    }

    private static void Softmax(SweepCase c)
    {
        int rank = c.Between(1, 4);
        c.Input(c.Floats(c.Dimensions(rank, 6), -5, 5));
        if (c.Chance(0.7) || (rank == 1 && c.Opset < 13))
            c.Set("axis", c.Between(c.Opset >= 11 ? -rank : 0, rank - 1));
        c.Output();
    }
}
