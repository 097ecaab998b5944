using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>A dense layer that reads its weights where they lie, in training. Constants: the bias.</summary>
/// <param name="dense">What runs.</param>
/// <param name="biasLength">Units, or 0 where there is no bias.</param>
internal sealed class StreamedDenseStep(StreamedDense dense, int biasLength) : ForwardStep
{
    public override int ConstantLength => biasLength;

    public override string KernelName => dense.KernelName;

    public override int WorkspaceBytes(int threads) => dense.WorkspaceBytes(threads);

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
    {
        if (biasLength > 0)
            parameters[1].CopyTo(constants);
    }

    public override void Run(in ForwardContext context) => dense.Run(context.Scheduler, context.N, context.Input(0), context.Parameter(0),
        context.Constants, context.Output, context.Workspace);
}
