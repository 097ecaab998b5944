namespace CnnFast.Kernels.Tests;

/// <summary>The scalar functions of single elements with the kernels of one of them exchanged.</summary>
internal sealed unsafe class ChangedKernels : FunctionKernels
{
    private static readonly FunctionKernels s_scalar = All.First(s => s.Isa == IsaLevel.Scalar);

    private readonly ElementFunction _changed;
    private readonly FunctionKernel _kernel;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public ChangedKernels(
        ElementFunction changed,
        delegate*<float*, float*, nint, float, float, void> forward = null,
        delegate*<float*, float*, float*, nint, float, float, void> gradient = null)
    {
        Isa = IsaLevel.Scalar;
        FunctionKernel kernel = s_scalar.For(changed);
        _changed = changed;
        _kernel = new FunctionKernel(forward is null ? kernel.Forward : forward, gradient is null ? kernel.Gradient : gradient);
    }

    public override FunctionKernel For(ElementFunction function) => function == _changed ? _kernel : s_scalar.For(function);
}
