using System.Numerics.Tensors;

namespace CnnFast.Graphs;

/// <summary>The gradient of a function of every element. At a kink it is that of the side below it, of |x| at 0 it is 0.</summary>
internal sealed class UnaryBackwardStep(UnaryOperation operation) : BackwardStep
{
    public override void Run(in BackwardContext context)
    {
        Span<float> dx = context.InputGradient(0);
        var spans = new WorkSpans { A = context.OutputGradient, B = context.Input(0), C = context.Output, Result = dx };
        var cut = new RowCut(((dx.Length - 1) / RowCut.Block) + 1, RowCut.Block);
        SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, 0, new Part(operation));
    }

    private readonly struct Part(UnaryOperation operation) : ISpanAction
    {
        public void Invoke(int part, in WorkSpans spans)
        {
            int first = part * RowCut.Block;
            int count = Math.Min(RowCut.Block, spans.Result.Length - first);
            Apply(spans.B.Slice(first, count), spans.C.Slice(first, count), spans.A.Slice(first, count), spans.Result.Slice(first, count));
        }

        private void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
        {
            switch (operation.Function)
            {
                case UnaryFunction.Exponential:
                    TensorPrimitives.Multiply(dy, y, dx);
                    break;
                case UnaryFunction.Logarithm:
                    TensorPrimitives.Divide(dy, x, dx);
                    break;
                case UnaryFunction.Negate:
                    TensorPrimitives.Negate(dy, dx);
                    break;
                case UnaryFunction.RoundToHalf:
                    dy.CopyTo(dx);
                    break;
                default:
                    for (int i = 0; i < dx.Length; i++)
                        dx[i] = Gradient(x[i], y[i], dy[i]);
                    break;
            }
        }

        private float Gradient(float x, float y, float dy) => operation.Function switch
        {
            UnaryFunction.SquareRoot => 0.5f * dy / y,
            UnaryFunction.Absolute => x > 0 ? dy : x < 0 ? -dy : 0,
            UnaryFunction.Reciprocal => -dy * y * y,
            UnaryFunction.ThresholdedReLU => x > operation.Alpha ? dy : 0,
            UnaryFunction.Shrink => x < -operation.Alpha || x > operation.Alpha ? dy : 0,
            _ => (float)(dy * Slope(x)),
        };

        private double Slope(double x) => operation.Function switch
        {
            UnaryFunction.Sine => Math.Cos(x),
            UnaryFunction.Cosine => -Math.Sin(x),
            UnaryFunction.Tangent => 1 / (Math.Cos(x) * Math.Cos(x)),
            UnaryFunction.ArcSine => 1 / Math.Sqrt((1 - x) * (1 + x)),
            UnaryFunction.ArcCosine => -1 / Math.Sqrt((1 - x) * (1 + x)),
            UnaryFunction.ArcTangent => 1 / (1 + (x * x)),
            UnaryFunction.HyperbolicSine => Math.Cosh(x),
            UnaryFunction.HyperbolicCosine => Math.Sinh(x),
            UnaryFunction.ArcHyperbolicSine => 1 / Math.Sqrt((x * x) + 1),
            UnaryFunction.ArcHyperbolicCosine => 1 / Math.Sqrt((x - 1) * (x + 1)),
            UnaryFunction.ArcHyperbolicTangent => 1 / ((1 - x) * (1 + x)),
            UnaryFunction.SELU => operation.Beta * (x > 0 ? 1 : operation.Alpha * Math.Exp(x)),
            UnaryFunction.CELU => x > 0 ? 1 : Math.Exp(x / operation.Alpha),
            UnaryFunction.Softsign => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x))),
            _ => throw new InvalidOperationException($"{operation.Function} has no gradient."),
        };
    }
}
