using System.Numerics.Tensors;
using CnnFast.Graphs;
using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Compile;

/// <summary>
/// A convolution, transposed convolution or dense layer with everything that was merged into it: scale and shift of its input channels,
/// padding, bias, scale and shift of its output channels, a residual (the second input) that is added, and a function of the sums.
/// Parameters: filter, bias when there is one, those of the stages.
/// </summary>
/// <param name="Kinds">The kinds that it is made of, such as <c>Conv2D+BatchNormalization+ReLU</c>.</param>
/// <param name="Geometry">The sizes of the convolution for one sample.</param>
/// <param name="Direction">Which way it runs; backward it is the transpose.</param>
/// <param name="Sample">The shape of the output of one sample.</param>
/// <param name="UseBias">Whether there is a bias.</param>
/// <param name="Before">Stages on the input.</param>
/// <param name="After">Stages on the sums.</param>
/// <param name="Epilogue">The function of the sums.</param>
/// <param name="HasResidual">Whether the second input is added before the function.</param>
internal sealed record FusedConvolutionOperation(
    string Kinds,
    Conv2DGeometry Geometry,
    ConvolutionDirection Direction,
    Shape Sample,
    bool UseBias,
    IReadOnlyList<AffineStage> Before,
    IReadOnlyList<AffineStage> After,
    Epilogue Epilogue,
    bool HasResidual) : InferenceOperation
{
    public override string Kind => Kinds;

    /// <summary>Whether it leads from the output of the convolution to its input.</summary>
    public bool IsTransposed => Direction == ConvolutionDirection.BackwardData;

    /// <summary>A residual lies as the output does.</summary>
    public override bool SupportsOutputPitch => !HasResidual && !IsTransposed;

    public override int MinInputs => HasResidual ? 2 : 1;

    /// <summary>Whether the node computes a plain linear function so far, which more can be merged into.</summary>
    public bool IsLinear => Epilogue.IsNone;

    /// <summary>
    /// Whether the sums of the taps differ from pixel to pixel, so that a shift of the input channels is no shift of the output.
    /// </summary>
    public bool HasBorder => IsTransposed || Geometry.PadTop + Geometry.PadLeft + Geometry.PadBottom + Geometry.PadRight > 0;

    /// <summary>Channels of the input.</summary>
    public int InputChannels => IsTransposed ? Geometry.OC : Geometry.C;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels => IsTransposed ? Geometry.C : Geometry.OC;

    /// <summary>
    /// A node as a convolution with nothing merged into it, or as it is when something is already; null when it is no convolution.
    /// </summary>
    public static FusedConvolutionOperation? Of(Node node) => node.Operation switch
    {
        FusedConvolutionOperation fused => fused,
        IConvolution convolution => new FusedConvolutionOperation(
            node.Operation.Kind,
            convolution.Geometry(node.Name, node.Inputs[0].ShapeFor(1)),
            convolution.Direction,
            node.Output.SampleShape,
            convolution.UseBias,
            [],
            [],
            convolution.Activation,
            false),
        _ => null,
    };

    /// <summary>Whether weights and bias stay finite with all stages multiplied in, by the largest of each factor.</summary>
    public bool HasFiniteWeights(IReadOnlyList<Parameter> parameters)
    {
        var values = new ParameterValues(parameters);
        (double[] s, double[] t) = AffineStage.Compose(Before, values, InputChannels);
        (double[] u, double[] v) = AffineStage.Compose(After, values, OutputChannels);
        double weight = parameters[0].MaxMagnitude();
        double bias = UseBias ? parameters[1].MaxMagnitude() : 0;
        double terms = parameters[0].Shape.ElementCount;
        return Largest(u) * weight * Largest(s) <= float.MaxValue
            && (Largest(u) * (bias + (terms * weight * Largest(t)))) + Largest(v) <= float.MaxValue;
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Sample.WithBatch(inputs[0][0]);

    public override bool CanOverwrite(int input) => HasResidual && input == 1;

    public override long CountMultiplyAdds(string name, IReadOnlyList<Shape> inputs) => Geometry.MultiplyAdds * inputs[0][0];

    public override ForwardStep CreateForward(NodeShapes shapes)
    {
        var pass = new ConvolutionPass(Geometry.WithBatch(shapes.Input[0]), Direction, shapes.OutputPitch);
        bool hasStages = Before.Count + After.Count > 0;
        return new ConvolutionStep(
            Conv2DOperator.Create(pass, Epilogue, shapes.ConvAlgorithm, precision: shapes.WeightPrecision),
            UseBias || hasStages ? OutputChannels : 0,
            HasResidual,
            hasStages ? parameters => new MergedStages(this, parameters) : null);
    }

    // A NaN among the numbers is the largest, and is below nothing.
    private static double Largest(ReadOnlySpan<double> values) => Math.Abs(TensorPrimitives.MaxMagnitude(values));
}
