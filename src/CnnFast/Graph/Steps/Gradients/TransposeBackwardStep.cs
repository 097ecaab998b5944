namespace CnnFast.Graphs;

/// <summary>The gradient of dimensions in another order: its own in the first one.</summary>
internal sealed class TransposeBackwardStep : BackwardStep
{
    private readonly StridedCopyStep _copy;
    private readonly int _whole;

    /// <summary>Creates the step.</summary>
    /// <param name="order">Dimension i of the output is dimension order[i] of the input.</param>
    /// <param name="shapes">The shapes.</param>
    public TransposeBackwardStep(IReadOnlyList<int> order, NodeShapes shapes)
    {
        long[] strides = StridedCopyStep.StridesOf(shapes.Output);
        var own = new long[strides.Length];
        for (int i = 0; i < strides.Length; i++)
            own[order[i]] = strides[i];
        _copy = new StridedCopyStep(ElementType.Float32, shapes.Input, own, 0);
        _whole = order[0] == 0 ? 0 : shapes.Input[0];
    }

    public override void Run(in BackwardContext context) =>
        _copy.Copy(_whole == 0 ? context.N : _whole, context.OutputGradient, context.InputGradient(0));
}
