namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Constants, shapes as values, and changes of type.</summary>
internal static class ConstantFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Constant", 7, Bounds.Exact, Constant),
        new("ConstantOfShape", 9, Bounds.Exact, OfShape),
        new("Shape", 7, Bounds.Exact, Shape) { Cases = 6 },
        new("Size", 7, Bounds.Exact, Size),
        new("Cast", 7, Bounds.Exact, Cast) { Cases = 12 },
        new("Range", 11, Bounds.Function, Range) { Cases = 8 },
    ];

    private static ElementType AnyType(SweepCase c) =>
        c.Pick(ElementType.Float32, ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.Bool);

    private static void Constant(SweepCase c)
    {
        int form = c.Opset >= 12 ? c.Between(0, 4) : 0;
        ElementType type = form switch { 0 => AnyType(c), 1 or 2 => ElementType.Float32, _ => ElementType.Int64 };
        if (form == 0)
            c.Set("value", c.Values(type, c.Dimensions(c.Between(0, 3))));
        else if (form == 1)
            c.Set("value_float", c.Number());
        else if (form == 2)
            c.Set("value_floats", new[] { c.Number(), c.Number(), c.Number() });
        else if (form == 3)
            c.Set("value_int", c.Between(-5, 5));
        else
            c.Set("value_ints", new[] { c.Between(-5, 5), c.Between(-5, 5) });
        c.Output(type);
    }

    private static void OfShape(SweepCase c)
    {
        ElementType type = c.Chance(0.3) ? ElementType.Float32 : AnyType(c);
        c.Input(Draws.Vector(c.Dimensions(c.Between(0, 4))), constant: c.Chance(0.5));
        if (type != ElementType.Float32 || c.Chance(0.5))
            c.Set("value", c.Values(type, [1]));
        c.Output(type);
    }

    private static void Shape(SweepCase c)
    {
        int rank = c.Between(0, 4);
        c.Input(c.Values(AnyType(c), c.Dimensions(rank)));
        if (c.Opset >= 15)
        {
            c.Maybe("start", c.Between(-rank - 1, rank + 1));
            c.Maybe("end", c.Between(-rank - 1, rank + 1));
        }

        c.Output(ElementType.Int64);
    }

    private static void Size(SweepCase c)
    {
        c.Input(c.Values(AnyType(c), c.Dimensions(c.Between(0, 4))));
        c.Output(ElementType.Int64);
    }

    private static void Cast(SweepCase c)
    {
        ElementType from = AnyType(c), to = AnyType(c);
        c.Input(c.Values(from, c.Dimensions(c.Between(0, 4)), to == ElementType.UInt8 ? 0 : -9, 9));
        c.Set("to", (long)Vectors.VectorTensor.DataType(to));
        c.Output(to);
    }

    private static void Range(SweepCase c)
    {
        ElementType type = c.Pick(ElementType.Float32, ElementType.Int32, ElementType.Int64);
        bool down = c.Chance(0.3);
        OnnxTensor low = c.Values(type, [], -5, 0), high = c.Values(type, [], 3, 9);
        c.Input(down ? high : low, constant: c.Chance(0.5));
        c.Input(down ? low : high);
        c.Input(down ? c.Values(type, [], -3, -1) : c.Values(type, [], 1, 3));
        c.Output(type);
    }
}
