namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Inception-v3: branches of several filters side by side, among them 1×7 and 7×1.</summary>
internal static class InceptionNets
{
    /// <summary>An Inception-v3 without its second head.</summary>
    /// <param name="divisor">What all channels are divided by; 1 for the true ones.</param>
    /// <param name="classes">How many classes there are.</param>
    public static byte[] Build(int divisor, int classes)
    {
        var net = new Net(divisor);
        FamilyModel model = net.Model;
        string x = net.Square(model.Input(-1, 3, -1, -1), 32, 3, 2, 0);
        x = net.Square(net.Square(x, 32, 3, 1, 0), 64, 3);
        x = net.Square(net.Square(Shrunk(net, x), 80, 1), 192, 3, 1, 0);
        x = Shrunk(net, x);
        foreach (int pooled in new[] { 32, 64, 64 })
            x = BlockA(net, x, pooled);
        x = net.Join(net.Square(x, 384, 3, 2, 0), net.Square(net.Square(net.Square(x, 64, 1), 96, 3), 96, 3, 2, 0), Shrunk(net, x));
        foreach (int narrow in new[] { 128, 160, 160, 192 })
            x = BlockC(net, x, narrow);
        x = net.Join(
            net.Square(net.Square(x, 192, 1), 320, 3, 2, 0),
            net.Square(net.Oblong(net.Oblong(net.Square(x, 192, 1), 192, 1, 7), 192, 7, 1), 192, 3, 2, 0),
            Shrunk(net, x));
        x = BlockE(net, BlockE(net, x));
        int channels = net.Channels(x);
        model.Output(model.Gemm(model.Add("Flatten", [model.Add("GlobalAveragePool", [x])], ("axis", 1)), channels, classes));
        return model.ToBytes();
    }

    private static string BlockA(Net net, string x, int pooled) => net.Join(
        net.Square(x, 64, 1),
        net.Square(net.Square(x, 48, 1), 64, 5),
        net.Square(net.Square(net.Square(x, 64, 1), 96, 3), 96, 3),
        net.Square(Averaged(net, x), pooled, 1));

    private static string BlockC(Net net, string x, int narrow)
    {
        string once = net.Oblong(net.Oblong(net.Square(x, narrow, 1), narrow, 1, 7), 192, 7, 1);
        string twice = net.Oblong(net.Oblong(net.Square(x, narrow, 1), narrow, 7, 1), narrow, 1, 7);
        twice = net.Oblong(net.Oblong(twice, narrow, 7, 1), 192, 1, 7);
        return net.Join(net.Square(x, 192, 1), once, twice, net.Square(Averaged(net, x), 192, 1));
    }

    private static string BlockE(Net net, string x)
    {
        string narrow = net.Square(x, 384, 1), wide = net.Square(net.Square(x, 448, 1), 384, 3);
        return net.Join(
            net.Square(x, 320, 1),
            net.Join(net.Oblong(narrow, 384, 1, 3), net.Oblong(narrow, 384, 3, 1)),
            net.Join(net.Oblong(wide, 384, 1, 3), net.Oblong(wide, 384, 3, 1)),
            net.Square(Averaged(net, x), 192, 1));
    }

    private static string Shrunk(Net net, string x) => net.Like(x, net.Model.MaxPool(x, 3, 2));

    // PyTorch counts the border.
    private static string Averaged(Net net, string x) => net.Like(x, net.Model.Add("AveragePool", [x], ("kernel_shape", new[] { 3, 3 }),
        ("strides", new[] { 1, 1 }), ("pads", new[] { 1, 1, 1, 1 }), ("count_include_pad", 1)));

    // The convolutions, normalised and rectified, which know the channels of every value.
    private sealed class Net(int divisor)
    {
        private readonly Dictionary<string, int> _channels = new() { ["x"] = 3 };

        public FamilyModel Model { get; } = new(17, divisor);

        public int Channels(string x) => _channels[x];

        public string Square(string x, int to, int size, int stride = 1, int? pad = null) =>
            Rectified(Model.Conv(x, _channels[x], to / divisor, size, stride, bias: false, pad: pad), to / divisor);

        public string Oblong(string x, int to, int height, int width) =>
            Rectified(Model.Oblong(x, _channels[x], to / divisor, height, width), to / divisor);

        public string Join(params string[] parts) => Known(Model.Concat(1, parts), parts.Sum(Channels));

        public string Like(string x, string y) => Known(y, _channels[x]);

        private string Rectified(string x, int channels) => Known(Model.Relu(Model.BatchNormalization(x, channels)), channels);

        private string Known(string x, int channels)
        {
            _channels[x] = channels;
            return x;
        }
    }
}
