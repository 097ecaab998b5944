using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>Runs a forward kernel over one band of output rows of one image.</summary>
internal readonly unsafe struct PoolForwardAction(PoolPlan plan, delegate*<float*, float*, PoolRun*, void> kernel, float* x, float* y)
    : IRangeAction
{
    private readonly delegate*<float*, float*, PoolRun*, void> _kernel = kernel;
    private readonly float* _x = x;
    private readonly float* _y = y;

    public void Invoke(int index, int worker)
    {
        (int image, int part) = Math.DivRem(index, plan.PartsPerImage);
        int begin = part * plan.RowsPerPart;
        int end = Math.Min(plan.Geometry.OH, begin + plan.RowsPerPart);
        plan.Walk(begin, end, new Visitor(_kernel, _x + (image * plan.InputImage), _y + (image * plan.OutputImage)));
    }

    private readonly struct Visitor(delegate*<float*, float*, PoolRun*, void> kernel, float* x, float* y) : IPoolVisitor
    {
        private readonly delegate*<float*, float*, PoolRun*, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Visit(nint input, nint output, PoolRun* run) => _kernel(_x + input, _y + output, run);
    }
}
