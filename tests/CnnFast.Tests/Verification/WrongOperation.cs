using CnnFast.Graphs;

namespace CnnFast.Tests.Verification;

/// <summary>A scale of 2 that gets one element wrong by a thousandth, forward or backward.</summary>
internal sealed record WrongOperation(WrongGradient Fault) : RescalingOperation(2, 0)
{
    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(Fault == WrongGradient.Forward ? 1.001f : 1);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new Backward(Fault == WrongGradient.Backward ? 1.001f : 1);

    private static void Double(ReadOnlySpan<float> from, Span<float> to, float last)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = 2 * from[i];
        to[^1] *= last;
    }

    private sealed class Forward(float last) : ForwardStep
    {
        public override void Run(in ForwardContext context) => Double(context.Input(0), context.Output, last);
    }

    private sealed class Backward(float last) : BackwardStep
    {
        public override void Run(in BackwardContext context) => Double(context.OutputGradient, context.InputGradient(0), last);
    }
}
