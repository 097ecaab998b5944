using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>Measures and scales the gradients of parameters. Allocates nothing after it was made; the bits do not depend on
/// threads.</summary>
internal sealed class GradientNorm
{
    private readonly double[] _sums;
    private readonly ElementwiseOperators _elementwise = ElementwiseOperators.Create();

    /// <summary>Makes room for the gradients of parameters.</summary>
    public GradientNorm(IEnumerable<Parameter> parameters) =>
        _sums = new double[parameters.Select(parameter => SquareSumOperator.Parts(parameter.Shape.ElementCount)).DefaultIfEmpty().Max()];

    /// <summary>
    /// The sum of the squares of one gradient, added in double, in an order that sizes decide; NaN or infinite only where an element is.
    /// </summary>
    public double SquareSum(IWorkScheduler scheduler, ReadOnlyMemory<float> gradient) =>
        SquareSumOperator.Run(scheduler, gradient, _sums);

    /// <summary>gradient = factor·gradient.</summary>
    public void Scale(IWorkScheduler scheduler, Span<float> gradient, float factor) =>
        _elementwise.Scale(scheduler, gradient, gradient, factor);
}
