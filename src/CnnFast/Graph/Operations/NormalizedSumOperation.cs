using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>
/// Batch normalisation with what follows it in training, so that both go through memory once: a residual (the second input) that is added,
/// and a function whose gradient its result is enough for. Stands in the graphs of training plans only.
/// </summary>
/// <param name="Normalization">The batch normalisation.</param>
/// <param name="Epilogue">The function; the identity where there is none.</param>
/// <param name="HasResidual">Whether there is a residual.</param>
internal sealed record NormalizedSumOperation(BatchNormalizationOperation Normalization, Epilogue Epilogue, bool HasResidual) : Operation
{
    public override string Kind =>
        $"{Normalization.Kind}{(HasResidual ? "+Add" : "")}{(Epilogue.Function is { } function ? $"+{function.Name}" : "")}";

    public override string? FileKind => null;

    public override string NamePrefix => Normalization.NamePrefix;

    public override int MinInputs => HasResidual ? 2 : 1;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs) =>
        Normalization.DescribeParameters(name, inputs);

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new BatchNormalizationForwardStep(Normalization, BatchNormalizationOperation.ChannelsOf(shapes.Input), Epilogue, HasResidual);

    public override ForwardStep CreateTrainingForward(NodeShapes shapes, GradientNeeds needs) => needs.HasFlag(GradientNeeds.Statistics)
        ? new BatchNormalizationTrainingStep(Normalization, shapes.Name, shapes.Input, Epilogue, HasResidual)
        : CreateForward(shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new BatchNormalizationBackwardStep(Normalization, shapes.Input, needs, Epilogue, HasResidual);
}
