using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>Images of another size.</summary>
internal sealed class ResizingReference : ReferenceOf<ResizingOperation>
{
    protected override double[] Forward(ResizingOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        Shape input = node.InputImages(), output = node.OutputImages();
        if (operation.Interpolation == Interpolation.Nearest)
        {
            ReferenceResize.Nearest(input, output, Nearest(operation, input[1], output[1]), Nearest(operation, input[2], output[2]),
                node.Input(), y);
        }
        else
        {
            ReferenceResize.Bilinear(input, output, Place(operation, input[1], output[1]), Place(operation, input[2], output[2]),
                node.Input(), y);
        }

        return y;
    }

    protected override void Backward(ResizingOperation operation, ReferenceNode node, double[] dy)
    {
        var dx = new double[node.Input().Length];
        Shape input = node.InputImages(), output = node.OutputImages();
        if (operation.Interpolation == Interpolation.Nearest)
        {
            ReferenceResize.NearestBackward(input, output, Nearest(operation, input[1], output[1]),
                Nearest(operation, input[2], output[2]), dy, dx);
        }
        else
        {
            ReferenceResize.BilinearBackward(input, output, Place(operation, input[1], output[1]), Place(operation, input[2], output[2]),
                dy, dx);
        }

        node.AddGradient(0, dx);
    }

    // A pixel of the input may be read by as many as the output has.
    protected override long Terms(ResizingOperation operation, Node node) => 4 + ((long)operation.Height * operation.Width);

    private static Func<int, double> Place(ResizingOperation operation, int input, int output)
    {
        if (operation.AlignCorners)
            return o => output == 1 ? 0 : (double)o * (input - 1) / (output - 1);
        return o => ((o + 0.5) * input / output) - 0.5;
    }

    private static Func<int, int> Nearest(ResizingOperation operation, int input, int output)
    {
        Func<int, double> place = Place(operation, input, output);
        return o => (int)Math.Clamp(Math.Floor(place(o) + 0.5), 0, input - 1);
    }
}
