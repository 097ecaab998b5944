using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// Where the maximum of each window is, as ONNX counts: the index among all elements of <c>[N, C, H, W]</c>, which is also the order of the
/// output <c>[N, C, OH, OW]</c> (int64).
/// </summary>
/// <param name="Window">The window.</param>
/// <param name="CountsColumns">Whether an image's columns, not its rows, follow one another in the index.</param>
internal sealed record MaxPoolIndicesOperation(Window2D Window, bool CountsColumns) : TensorOperation
{
    public override string Kind => "MaxPoolIndices";

    public override string FileKind => "Tensor.MaxPoolIndices";

    public static Operation Read(AttributeReader json) =>
        new MaxPoolIndicesOperation(Window2D.Read(json, Window2D.Pool), json.Boolean("counts_columns"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        Window.WriteSizes(json, Window2D.Pool);
        Window.WritePadding(json);
        json.WriteBoolean("counts_columns", CountsColumns);
    }

    public override void Validate(string who) => Window.Validate(who, Window2D.Pool);

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0] == ElementType.Float32
        ? ElementType.Int64
        : throw new NotSupportedException($"{Who(name)}: the input is of {inputs[0]}; expected Float32.");

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => false;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        RequireRank(name, inputs[0], 4);
        Shape output = Geometry(name, inputs[0]).Output;
        return new Shape(output[0], output[3], output[1], output[2]);
    }

    public override bool HasGradient => false;

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => throw NoGradient(shapes);

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(Geometry(shapes.Name, shapes.Input), CountsColumns);

    private Pool2DGeometry Geometry(string name, Shape input) =>
        Window.PoolOver(Who(name), name, Shape.Nhwc(input[0], input[2], input[3], input[1]));

    private sealed class Forward(Pool2DGeometry g, bool countsColumns) : ForwardStep
    {
        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<float> x = context.Input(0);
            Span<long> y = MemoryMarshal.Cast<float, long>(context.Output);
            int next = 0;
            for (int image = 0; image < context.N * g.C; image++)
            {
                ReadOnlySpan<float> plane = x.Slice(image * g.H * g.W, g.H * g.W);
                for (int row = 0; row < g.OH; row++)
                {
                    for (int column = 0; column < g.OW; column++)
                        y[next++] = ((long)image * g.H * g.W) + Find(plane, (row * g.StrideH) - g.PadTop, (column * g.StrideW) - g.PadLeft);
                }
            }
        }

        private int Find(ReadOnlySpan<float> plane, int top, int left)
        {
            int best = -1;
            int place = 0;
            for (int a = 0; a < g.KH; a++)
            {
                for (int b = 0; b < g.KW; b++)
                {
                    (int row, int column) = (top + (a * g.DilationH), left + (b * g.DilationW));
                    if (row < 0 || row >= g.H || column < 0 || column >= g.W)
                        continue;
                    int at = (row * g.W) + column;
                    if (best >= 0 && !(plane[at] > plane[best]))
                        continue;
                    best = at;
                    place = countsColumns ? (column * g.H) + row : at;
                }
            }

            return place;
        }
    }
}
