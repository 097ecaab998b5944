using CnnFast.TensorBoard;

namespace CnnFast.Training;

/// <summary>
/// Writes the figures of a training as an event file, which TensorBoard shows (<c>tensorboard --logdir DIRECTORY</c>): after every step
/// <c>batch/loss</c>, the mean of its batches, and <c>batch/learning_rate</c>, after every epoch the figures of
/// <see cref="EpochFigures"/>, all over the steps of the training, counted from 1. A training that goes on with an earlier one writes
/// another file in the same folder, which says that steps from its first one on replace what older files say of them. What is written
/// reaches the file every two seconds, after every epoch and at the end.
/// </summary>
public sealed class TensorBoardLog : TrainingCallback, IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(2);

    private readonly string _directory;
    private readonly TimeProvider _time;
    private EventFile? _file;
    private long _flushed;
    private long _step;
    private double _loss;
    private int _batches;

    /// <summary>Creates the log.</summary>
    /// <param name="directory">The folder of the event files, one folder a training; it is made where there is none.</param>
    public TensorBoardLog(string directory)
        : this(directory, TimeProvider.System)
    {
    }

    internal TensorBoardLog(string directory, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = directory;
        _time = time;
    }

    /// <inheritdoc/>
    /// <exception cref="UnauthorizedAccessException">No file may be created in the folder.</exception>
    /// <exception cref="IOException">No file can be created in the folder.</exception>
    public override void OnFitStart(FitStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        Dispose();
        (_step, _loss, _batches) = (start.FirstStep, 0, 0);
        _file = EventFile.Create(_directory, _time.GetUtcNow());
        if (_step > 0)
            _file.WriteStart(_time.GetUtcNow(), _step + 1);
        Flush();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public override void OnBatch(in FitProgress progress)
    {
        _loss += progress.BatchLoss;
        _batches++;
        if (progress.Step <= _step)
            return;
        _step = progress.Step;
        Write([new Scalar("batch/loss", _loss / _batches), new Scalar("batch/learning_rate", progress.LearningRate)]);
        (_loss, _batches) = (0, 0);
        if (_time.GetElapsedTime(_flushed) >= FlushInterval)
            Flush();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public override void OnEpoch(EpochResult result)
    {
        Write(EpochFigures.Of(result).Select(figure => new Scalar(figure.Key, figure.Value)));
        Flush();
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitResult result) => Dispose();

    /// <summary>Closes the file. The next training opens another one.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Write(IEnumerable<Scalar> scalars) => Started.WriteScalars(_time.GetUtcNow(), _step, scalars);

    private void Flush()
    {
        Started.Flush();
        _flushed = _time.GetTimestamp();
    }

    private EventFile Started => _file
        ?? throw new InvalidOperationException("TensorBoardLog: no training has started; expected OnFitStart before other calls.");
}
