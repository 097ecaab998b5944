using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>A resize and its seeded data.</summary>
/// <param name="Geometry">The sizes and the rule.</param>
/// <param name="Seed">Of the data.</param>
internal sealed record ResizeCase(ResizeGeometry Geometry, int Seed)
{
    /// <summary>Sizes around vectors, factors up and down, every rule.</summary>
    public static IEnumerable<ResizeCase> Of(SweepDepth depth)
    {
        int seed = 0;
        (int H, int W, int OH, int OW)[] sizes = [(1, 1, 1, 1), (1, 1, 3, 2), (3, 2, 6, 4), (5, 4, 5, 12), (2, 7, 8, 7), (6, 9, 4, 3),
            (5, 7, 8, 10), (7, 3, 2, 1)];
        int[] channels = depth == SweepDepth.Quick ? [1, 5, 17, 67] : [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 131];
        foreach ((int h, int w, int oh, int ow) in sizes)
        {
            foreach (int c in channels)
            {
                foreach (ResizeCoordinates coordinates in Enum.GetValues<ResizeCoordinates>())
                {
                    var shape = Shape.Nhwc(1 + (seed % 3), h, w, c);
                    yield return new ResizeCase(new ResizeGeometry(shape, oh, ow, Interpolation.Bilinear, coordinates), seed++);
                    yield return new ResizeCase(
                        new ResizeGeometry(shape, oh, ow, Interpolation.Nearest, coordinates, (NearestRounding)(seed % 4)), seed++);
                }
            }
        }
    }

    /// <summary>The images.</summary>
    public float[] X() => SeededData.Uniform(Geometry.Input.ElementCount, Seed);

    /// <summary>The gradient of the result.</summary>
    public float[] DY() => SeededData.Uniform(Geometry.Output.ElementCount, Seed + 9000);

    /// <summary>What the result should be.</summary>
    public ExpectedTensor ExpectForward() => new(Forward(SeededData.ToDouble(X())), Forward(SeededData.ToMagnitude(X())), 4);

    /// <summary>What the gradient should be.</summary>
    public ExpectedTensor ExpectBackward() =>
        new(Backward(SeededData.ToDouble(DY())), Backward(SeededData.ToMagnitude(DY())), (long)Geometry.OH * Geometry.OW);

    private double[] Forward(double[] x)
    {
        var y = new double[Geometry.Output.ElementCount];
        if (Geometry.Interpolation == Interpolation.Nearest)
            ReferenceResize.Nearest(Geometry.Input, Geometry.Output, o => Pick(Row(o), Geometry.Input[1]),
                o => Pick(Column(o), Geometry.Input[2]), x, y);
        else
            ReferenceResize.Bilinear(Geometry.Input, Geometry.Output, Row, Column, x, y);
        return y;
    }

    private double[] Backward(double[] dy)
    {
        var dx = new double[Geometry.Input.ElementCount];
        if (Geometry.Interpolation == Interpolation.Nearest)
            ReferenceResize.NearestBackward(Geometry.Input, Geometry.Output, o => Pick(Row(o), Geometry.Input[1]),
                o => Pick(Column(o), Geometry.Input[2]), dy, dx);
        else
            ReferenceResize.BilinearBackward(Geometry.Input, Geometry.Output, Row, Column, dy, dx);
        return dx;
    }

    private double Row(int o) => Place(o, Geometry.Input[1], Geometry.OH);

    private double Column(int o) => Place(o, Geometry.Input[2], Geometry.OW);

    private double Place(int o, int input, int output) => Geometry.Coordinates switch
    {
        ResizeCoordinates.HalfPixel => (((2.0 * o) + 1) * input / (2.0 * output)) - 0.5,
        ResizeCoordinates.AlignCorners => output == 1 ? 0 : o * (input - 1.0) / (output - 1),
        _ => (double)o * input / output,
    };

    // A tie is met with a little slack, so that a rounding of the place does not decide.
    private int Pick(double place, int input) => (int)Math.Clamp(
        Geometry.Rounding switch
        {
            NearestRounding.PreferCeiling => Math.Floor(place + 0.5 + 1e-9),
            NearestRounding.PreferFloor => Math.Ceiling(place - 0.5 - 1e-9),
            NearestRounding.Floor => Math.Floor(place + 1e-9),
            _ => Math.Ceiling(place - 1e-9),
        },
        0,
        input - 1);
}
