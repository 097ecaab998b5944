using TorchSharp;
using TorchSharp.Modules;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Training in libtorch through TorchSharp, in one memory format; its optimizers are those of TorchSharp.</summary>
internal sealed class TorchTraining : TrainingRunner
{
    public const string ChannelsLast = "channels-last";

    private readonly TorchNet _net;
    private readonly torch.Tensor _input;
    private readonly torch.Tensor _labels;
    private readonly torch.optim.Optimizer _optimizer;

    public TorchTraining(TrainingCase training, int batch, bool channelsLast)
        : base("libtorch", channelsLast ? ChannelsLast : "contiguous")
    {
        Model model = training.Build();
        _net = new TorchNet(model, channelsLast);
        _input = TorchNet.Image(TrainingCase.Input(model, batch), batch, model.InputShape, channelsLast);
        long[] labels = [.. TrainingCase.Labels(model, batch).Select(label => (long)label)];
        _labels = torch.tensor(labels, model.OutputShape is { Rank: 3 } image ? [batch, image[0], image[1]] : [batch]);
        _optimizer = training.UsesAdam
            ? torch.optim.Adam(_net.Trainable, TrainingCase.LearningRate)
            : torch.optim.SGD(_net.Trainable, TrainingCase.LearningRate, TrainingCase.Momentum);
    }

    public override void Run()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _optimizer.zero_grad();
        torch.Tensor loss = torch.nn.functional.cross_entropy(_net.Forward(_input), _labels);
        loss.backward();
        _optimizer.step();
        Loss = loss.item<float>();
    }

    public override void Dispose()
    {
        _optimizer.Dispose();
        _net.Dispose();
        _input.Dispose();
        _labels.Dispose();
    }
}
