namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The seeded operands of one convolution, in this library's layouts (NHWC, filter [KH, KW, C/G, OC]), shared by all engines.
/// </summary>
/// <param name="name">The name of the shape.</param>
/// <param name="g">The sizes.</param>
internal sealed class ConvolutionData(string name, Conv2DGeometry g)
{
    public string Name { get; } = name;

    public Conv2DGeometry Geometry { get; } = g;

    public AlignedBuffer<float> X { get; } = SeededBuffer.Create(g.Input.ElementCount, 1);

    public AlignedBuffer<float> Filter { get; } = SeededBuffer.Create(g.Filter.ToShape().ElementCount, 2);

    public AlignedBuffer<float> Bias { get; } = SeededBuffer.Create(g.OC, 3);

    public AlignedBuffer<float> Dy { get; } = SeededBuffer.Create(g.Output.ElementCount, 4);

    /// <summary>Floating-point operations of one pass, counted in direct multiply-adds.</summary>
    public double Operations => 2.0 * Geometry.MultiplyAdds;

    /// <summary>Elements of what a pass computes.</summary>
    public int ResultLength(ConvolutionPass pass) => pass switch
    {
        ConvolutionPass.BackwardData => X.Length,
        ConvolutionPass.BackwardFilter => Filter.Length,
        _ => Dy.Length,
    };
}
