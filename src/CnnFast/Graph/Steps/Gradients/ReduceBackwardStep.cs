using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// The gradient of what became of floats along the last but one of four dimensions. Of equal maxima and minima each gets the same part;
/// that of |x| and of a norm is 0 at 0.
/// </summary>
/// <param name="reduction">How they were taken together.</param>
/// <param name="input">The shape of the input.</param>
internal sealed class ReduceBackwardStep(Reduction reduction, Shape input) : BackwardStep
{
    private const int Block = 1024;

    private readonly int _outer = input[1];
    private readonly int _count = input[2];
    private readonly int _inner = input[3];

    private static int ScratchBytes => Block * (sizeof(float) + sizeof(double) + sizeof(int));

    public override int WorkspaceBytes(int threads) => checked(threads * ScratchBytes);

    public override void Run(in BackwardContext context)
    {
        var spans = new WorkSpans
        {
            A = context.OutputGradient,
            B = context.Input(0),
            C = context.Output,
            Result = context.InputGradient(0),
            Scratch = context.Workspace,
        };
        var cut = new RowCut(context.N * _outer, (long)_count * _inner);
        SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, ScratchBytes, new Part(this, reduction, cut));
    }

    private readonly struct Part(ReduceBackwardStep step, Reduction reduction, RowCut cut) : ISpanAction
    {
        private readonly RowCut _cut = cut;

        public void Invoke(int part, in WorkSpans spans)
        {
            int inner = step._inner;
            for (int row = _cut.First(part); row < _cut.End(part); row++)
            {
                int start = row * step._count * inner;
                for (int first = 0; first < inner; first += Block)
                    Columns(row * inner + first, start + first, Math.Min(Block, inner - first), spans);
            }
        }

        // Neighbouring elements of the output, and what was taken together for them.
        private void Columns(int output, int first, int width, in WorkSpans spans)
        {
            Span<double> products = MemoryMarshal.Cast<byte, double>(spans.Scratch)[..width];
            Span<byte> rest = spans.Scratch[(Block * sizeof(double))..];
            Span<float> factors = MemoryMarshal.Cast<byte, float>(rest)[..width];
            Span<int> counts = MemoryMarshal.Cast<byte, int>(rest[(Block * sizeof(float))..])[..width];
            Prepare(spans.A.Slice(output, width), spans.C.Slice(output, width), spans.B[first..], factors, counts, products);
            for (int i = 0; i < step._count; i++)
            {
                int at = first + (i * step._inner);
                ReadOnlySpan<float> x = spans.B.Slice(at, width);
                Span<float> dx = spans.Result.Slice(at, width);
                if (reduction == Reduction.Product)
                    Products(x, factors, counts, products, dx);
                else
                    Elements(x, spans.C.Slice(output, width), factors, dx);
            }
        }

        // What the gradients of all elements have in common; of products without zeros also what they are.
        private void Prepare(ReadOnlySpan<float> dy, ReadOnlySpan<float> y, ReadOnlySpan<float> x, Span<float> factors, Span<int> counts,
            Span<double> products)
        {
            dy.CopyTo(factors);
            switch (reduction)
            {
                case Reduction.Mean:
                    TensorPrimitives.Divide(dy, step._count, factors);
                    break;
                case Reduction.Maximum or Reduction.Minimum:
                    for (int i = 0; i < factors.Length; i++)
                        factors[i] /= CountOf(x[i..], y[i]);
                    break;
                case Reduction.L2:
                    for (int i = 0; i < factors.Length; i++)
                        factors[i] = y[i] == 0 ? 0 : dy[i] / y[i];
                    break;
                case Reduction.LogSum:
                    for (int i = 0; i < factors.Length; i++)
                        factors[i] = (float)(dy[i] / Math.Exp(y[i]));
                    break;
                case Reduction.Product:
                    for (int i = 0; i < factors.Length; i++)
                        (products[i], counts[i]) = (ProductOf(x[i..]), CountOf(x[i..], 0));
                    break;
            }
        }

        private int CountOf(ReadOnlySpan<float> x, float value)
        {
            int count = 0;
            for (int i = 0; i < step._count; i++)
                count += x[i * step._inner] == value ? 1 : 0;
            return count;
        }

        private double ProductOf(ReadOnlySpan<float> x)
        {
            double product = 1;
            for (int i = 0; i < step._count; i++)
                product *= x[i * step._inner] == 0 ? 1 : x[i * step._inner];
            return product;
        }

        private static void Products(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<int> zeros, ReadOnlySpan<double> products,
            Span<float> dx)
        {
            for (int i = 0; i < dx.Length; i++)
            {
                double others = x[i] == 0 ? zeros[i] == 1 ? products[i] : 0 : zeros[i] == 0 ? products[i] / x[i] : 0;
                dx[i] = (float)(dy[i] * others);
            }
        }

        private void Elements(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> factors, Span<float> dx)
        {
            switch (reduction)
            {
                case Reduction.Maximum or Reduction.Minimum:
                    for (int i = 0; i < dx.Length; i++)
                        dx[i] = x[i] == y[i] ? factors[i] : 0;
                    break;
                case Reduction.L1:
                    for (int i = 0; i < dx.Length; i++)
                        dx[i] = x[i] > 0 ? factors[i] : x[i] < 0 ? -factors[i] : 0;
                    break;
                case Reduction.L2:
                    TensorPrimitives.Multiply(x, factors, dx);
                    break;
                case Reduction.SumOfSquares:
                    for (int i = 0; i < dx.Length; i++)
                        dx[i] = 2 * x[i] * factors[i];
                    break;
                case Reduction.LogSumExp:
                    for (int i = 0; i < dx.Length; i++)
                        dx[i] = (float)(factors[i] * Math.Exp((double)x[i] - y[i]));
                    break;
                default:
                    factors.CopyTo(dx);
                    break;
            }
        }
    }
}
